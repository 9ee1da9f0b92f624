// Why it exists: the few things a page asks the server directly, online only; records never come this way (they sync).

/** A refusal in the server's own shape. */
export class ApiError extends Error {
  /** @param {string} code of codes.json, `net.offline` without an answer @param {string} message @param {number} status 0 without an answer */
  constructor(code, message, status) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.status = status;
  }
}

/**
 * @param {string} path below /api/v1 @param {RequestInit} [options]
 * @returns {Promise<any>} the JSON answer
 * @throws {ApiError}
 */
async function ask(path, options = {}) {
  const answer = await fetch(`/api/v1${path}`, options).catch(() => null);
  if (!answer) throw new ApiError("net.offline", "连不上服务器，请检查网络后再试。", 0);
  const body = await answer.json().catch(() => null);
  if (!answer.ok) throw new ApiError(body?.code ?? "server.error", body?.message ?? "服务器出错了，请稍后再试。", answer.status);
  return body;
}

export const api = {
  /** @param {string} path */
  get: (path) => ask(path),
};
