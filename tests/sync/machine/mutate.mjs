// Why it exists: loads client modules with a word changed: a bug that the machine must find, or a size made small.
// MUTATIONS is `[{file, from, to}]`; `from` must stand in the file exactly once.
import { register } from "node:module";

const hooks = `
  const mutations = ${process.env.MUTATIONS};
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    const own = mutations.filter(({ file }) => url.endsWith(file));
    if (!own.length) return loaded;
    let text = String(loaded.source);
    for (const { file, from, to } of own) {
      if (text.split(from).length !== 2) throw new Error("not once in " + file + ": " + from);
      text = text.replace(from, () => to);
    }
    return { ...loaded, source: text };
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
