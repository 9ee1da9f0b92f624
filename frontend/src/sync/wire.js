// Why it exists: the only module that talks to the server. It tells three things apart: an answer of our server, a refusal
// of our server, and everything else (no network, a captive portal, a broken proxy), which counts as offline.

import { LOOKS } from "./looks.js";

const TIMEOUT_MS = 60_000;
const TOO_LARGE = 413;
const BUSY = [429, 500, 502, 503, 504];

/** A request that brought no usable answer; `code` is the server's or `offline`. */
export class WireError extends Error {
  /** @param {string} code @param {string} message @param {any} [details] @param {number} [status] */
  constructor(code, message, details = {}, status = 0) {
    super(message);
    this.name = "WireError";
    this.code = code;
    this.details = details;
    this.status = status;
  }
}

const OFFLINE = "现在连不上服务器，请检查网络；已存在本机的内容不受影响。";
/** @param {string} why */
const offline = (why) => new WireError("offline", OFFLINE, { why });

/** @param {Response} answer @returns {Promise<any>} */
async function json(answer) {
  if (!answer.headers.get("content-type")?.startsWith("application/json")) throw offline("content-type");
  try {
    return await answer.json();
  } catch {
    throw offline("json");
  }
}

/** @param {Response} answer @returns {Promise<WireError>} */
async function refusal(answer) {
  const told = await json(answer).catch(() => null);
  if (typeof told?.code === "string")
    return new WireError(told.code, told.message, told.details ?? {}, answer.status);
  if (answer.status === TOO_LARGE) return new WireError("sync.too_large", "", {}, TOO_LARGE);
  return BUSY.includes(answer.status)
    ? new WireError("sync.busy", OFFLINE, {}, answer.status)
    : offline(`status ${answer.status}`);
}

/** @typedef {ReturnType<typeof makeWire>} Wire @typedef {{part: string, sha256: string}} Place of a file */
/** @param {Place} place */
const blobPath = ({ part, sha256 }) => `/api/v1/blobs/${sha256}?part=${part}`;

/** @param {typeof globalThis.fetch} fetch @param {string} [origin] @param {(error: WireError) => void} [refused] hears refusals */
export function makeWire(fetch, origin = "", refused = () => {}) {
  /** @param {string} path @param {RequestInit} init @param {string} [token] @param {BodyInit} [body] */
  async function request(path, init, token, body) {
    const headers = /** @type {Record<string, string>} */ ({});
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined)
      headers["Content-Type"] = body instanceof Blob ? "application/octet-stream" : "application/json";
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      const answer = await fetch(origin + path, { ...init, body, headers, signal, redirect: "error" });
      if (!answer.ok) throw await refusal(answer);
      return answer;
    } catch (error) {
      if (!(error instanceof WireError)) throw offline(String(error));
      refused(error);
      throw error;
    }
  }

  /** @param {string} look @param {string} path @param {any} [message] @param {string} [token] */
  async function ask(look, path, message, token) {
    const body = message === undefined ? undefined : JSON.stringify(message);
    const data = await json(
      await request(path, { method: body === undefined ? "GET" : "POST" }, token, body),
    );
    if (!data || !LOOKS[look](data)) throw offline("shape");
    return data;
  }

  /** @param {string} path @param {string} [token] @returns {Promise<Blob>} */
  async function bytes(path, token) {
    const answer = await request(path, { method: "GET" }, token);
    return answer.blob().catch((error) => Promise.reject(offline(String(error))));
  }

  return {
    /** @param {any} message `{username, password, device, code?}` */
    login: (message) => ask("login", "/api/v1/auth/login", message),
    /** The keys of the present scope: `{keys, data_keys, lease_hours}`. @param {string} token */
    keys: (token) => ask("keys", "/api/v1/auth/keys", undefined, token),
    /** @param {string} token */
    logout: (token) => request("/api/v1/auth/logout", { method: "POST" }, token),
    /** @param {any} message @param {string} token */
    push: (message, token) => ask("push", "/api/v1/sync/push", message, token),
    /** @param {any} message @param {string} token */
    pull: (message, token) => ask("pull", "/api/v1/sync/pull", message, token),
    /** @param {string} part @param {string} token */
    snapshot: (part, token) => ask("snapshot", `/api/v1/sync/snapshot/${part}`, undefined, token),
    /** What this tablet, locked or not, is to do: `{state}`. @param {any} shown `{device, secret}` */
    deviceState: (shown) => ask("deviceState", "/api/v1/devices/state", shown),
    /** @param {any} message `{device, secret, rows}` @returns {Promise<{received: string[]}>} the receipt */
    handIn: (message) => ask("handIn", "/api/v1/devices/hand-in", message),
    /** @param {any} message `{device, secret, part, sha256, size, no, sealed}`
     * @returns {Promise<{offset: number, complete: boolean}>} how much of the file has arrived */
    handInFile: (message) => ask("blob", "/api/v1/devices/hand-in-file", message),
    /** @param {any} shown `{device, secret}` */
    wiped: (shown) => request("/api/v1/devices/wiped", { method: "POST" }, undefined, JSON.stringify(shown)),
    schema: () => ask("schema", "/schema.json"),
    /** The bytes of a chunk. @param {string} url @param {string} token */
    async chunk(url, token) {
      return new Uint8Array(await (await bytes(url, token)).arrayBuffer());
    },
    /** How far a file has arrived. @param {Place} place @param {string} token @returns {Promise<{offset: number, complete: boolean}>} */
    async blobState(place, token) {
      const { headers } = await request(blobPath(place), { method: "HEAD" }, token);
      const [offset, complete] = [headers.get("Upload-Offset"), headers.get("Upload-Complete")];
      if (!offset || !complete) throw offline("headers");
      return { offset: Number(offset), complete: complete === "1" };
    },
    /** Appends a chunk. @param {Place & {size: number}} place @param {number} offset @param {Blob} chunk @param {string} token
     * @returns {Promise<{offset: number, complete: boolean}>} */
    async putBlob(place, offset, chunk, token) {
      const path = `${blobPath(place)}&offset=${offset}&size=${place.size}`;
      const data = await json(await request(path, { method: "PUT" }, token, chunk));
      if (!data || !LOOKS.blob(data)) throw offline("shape");
      return data;
    },
    /** A file that the server has. @param {Place} place @param {string} view @param {string} [token] */
    getBlob: (place, view, token) => bytes(`${blobPath(place)}&view=${view}`, token),
  };
}
