// A server that can be made to fail and a tablet of its branch: what the protocol and download tests begin with.
import { AGENT, CAST, CUSTOMER, fileOf, group, PART } from "./cast.mjs";
import { FakeServer } from "./fake-server.mjs";
import { Tablet } from "./tools.mjs";

export const NOW = Date.parse("2026-11-20T02:00:00.000Z");
let count = 0;

/** A server with `files` vehicles, and a tablet of its branch. */
export async function world({ files = 3, login = AGENT, env = {}, people = [] } = {}) {
  const server = new FakeServer();
  for (const person of [...CAST, ...people]) server.addPerson(person);
  server.append("GRP", group());
  for (const part of [PART, "B:GZ01"]) server.append(part, []);
  for (let i = 1; i <= files; i += 1) server.append(PART, fileOf(i));
  count += 1;
  const tablet = new Tablet(`t${count}`, server.fetch, { nowMs: () => NOW, ...env });
  await tablet.open();
  if (login) {
    await tablet.app.login({ username: login.username, password: "x" });
    await tablet.app.sync_now();
  }
  return { server, tablet };
}

/** A copy of the tablet has used the number of its next op: it must take a new identity. */
export function copied(server) {
  const device = [...server.devices.values()].at(-1);
  device.last_n += 1;
  device.slots.set(device.last_n, "somebody else's op");
}

export const rename = (name) => ({ id: CUSTOMER, set: { name } });
export const state = async (tablet) => {
  const { pending, parked, sync, online } = await tablet.app.state();
  return { pending, parked, phase: sync.phase, online };
};
export const pushes = (server) => server.requests.filter(({ path }) => path.endsWith("/push"));
export const dead = async () => {
  throw new TypeError("network");
};
export const html = (status = 200) =>
  new Response("<html>请登录 WiFi</html>", { status, headers: { "content-type": "text/html" } });
