// Why it exists: what the measured clients share; they run in a page of the server that shows nothing of the app, and tell
// their own milliseconds.

export const now = () => performance.now();
export const QUERY = "粤";

/** @param {string} path @param {any} [body] @param {string} [token] */
export async function ask(path, body, token) {
  const headers = {
    "Content-Type": "application/json",
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
  };
  const answer = await fetch(
    `/api/v1${path}`,
    body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers },
  );
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
}

/** @param {{username: string, password: string}} who */
export async function signIn(who) {
  const device = { id: crypto.randomUUID(), name: "bench" };
  const session = await (await ask("/auth/login", { ...who, device })).json();
  return { ...session, device: device.id };
}
