// Why it exists: the pages that work only with the network (imports, exports, reports) ask the server here, and hear its
// refusals in one shape. Everything a branch does every day goes through the worker instead.

import { app } from "./app.js";
import { isPractice } from "./practice.js";
import { saveFile } from "./save-file.js";

const ROOT = "/api/v1";
const TIMEOUT_MS = 120_000;
const NO_ANSWER = "现在连不上服务器，请检查网络后再试；已存在本机的内容不受影响。";

const PRACTICE = "练习中不能用要联网的功能；结束练习后再用。";

/** A request the server refused, or that did not reach it (`offline`). */
export class ApiError extends Error {
  /** @param {string} code @param {string} message @param {any} [details] @param {number} [status] */
  constructor(code, message, details = {}, status = 0) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.details = details;
    this.status = status;
  }
}

const offline = () => new ApiError("offline", NO_ANSWER);

/** @param {string} text @param {number} status @returns {ApiError} what the server says, or that it was not ours */
function refusal(text, status) {
  try {
    const told = JSON.parse(text);
    if (typeof told.code === "string") return new ApiError(told.code, told.message, told.details ?? {}, status);
  } catch {
    // a proxy's page, not our server's answer
  }
  return offline();
}

/** @returns {Promise<Record<string, string>>} */
async function credentials() {
  const token = await app.token();
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** @param {string} path @param {RequestInit} init @returns {Promise<Response>} @throws {ApiError} */
async function ask(path, init) {
  if (isPractice()) throw new ApiError("app.practice", PRACTICE);
  const headers = { ...(await credentials()), ...init.headers };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(ROOT + path, { ...init, headers, signal, redirect: "error" }).catch(() => null);
  if (!answer) throw offline();
  if (!answer.ok) throw refusal(await answer.text().catch(() => ""), answer.status);
  return answer;
}

/** @param {any} body @returns {RequestInit} */
const posting = (body) => ({ method: "POST", body: JSON.stringify(body ?? {}), headers: { "Content-Type": "application/json" } });

/** @param {Response} answer @returns {Promise<any>} null without content @throws {ApiError} */
async function json(answer) {
  if (answer.status === 204) return null;
  return answer.json().catch(() => Promise.reject(offline()));
}

/**
 * Uploads a form; `fetch` tells no progress of what is sent, XMLHttpRequest does.
 * @param {string} path @param {FormData} form @param {(percent: number) => void} onProgress of sending, 0–100
 * @param {AbortSignal} [signal] @returns {Promise<any>} @throws {ApiError} also `aborted`
 */
async function upload(path, form, onProgress, signal) {
  if (isPractice()) throw new ApiError("app.practice", PRACTICE);
  const headers = await credentials();
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", ROOT + path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? Math.floor((loaded / total) * 100) : 0);
    request.onerror = request.ontimeout = () => reject(offline());
    request.onabort = () => reject(new ApiError("aborted", "已停止上传。"));
    request.onload = () => {
      const { status, responseText } = request;
      if (status < 200 || status >= 300) return reject(refusal(responseText, status));
      new Response(responseText).json().then(resolve, () => reject(offline()));
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

/**
 * Fetches a file and hands it to the browser's downloads.
 * @param {string} name of the file @param {string} path @param {any} [body] with one it is a POST @throws {ApiError}
 */
async function download(name, path, body) {
  const answer = await ask(path, body === undefined ? {} : posting(body));
  saveFile(name, await answer.blob().catch(() => Promise.reject(offline())));
}

/** The server's API under `/api/v1`, as the signed-in person. All throw `ApiError` {code, message, details, status}. */
export const api = {
  /** @param {string} path @returns {Promise<any>} */
  get: async (path) => json(await ask(path, {})),
  /** @param {string} path @param {any} [body] @returns {Promise<any>} */
  post: async (path, body) => json(await ask(path, posting(body))),
  upload,
  download,
};

/** @param {any} error @returns {string} what happened and what to do */
export const wordsOf = (error) => error?.message || "没能完成，请再试一次。";
