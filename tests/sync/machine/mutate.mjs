// Why it exists: loads one client module with a bug in it: the machine must find it. SEEDED_BUG is `{file, from, to}`.
import { register } from "node:module";

const { SEEDED_BUG } = process.env;
const hooks = `
  const bug = ${SEEDED_BUG};
  export async function load(url, context, next) {
    const loaded = await next(url, context);
    if (!url.endsWith(bug.file)) return loaded;
    const text = String(loaded.source);
    if (text.split(bug.from).length !== 2) throw new Error("not once in " + bug.file + ": " + bug.from);
    return { ...loaded, source: text.replace(bug.from, () => bug.to) };
  }
`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
