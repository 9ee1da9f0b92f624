// Why it exists: an answer must look like ours, or somebody else wrote it: a captive portal, a broken proxy.

import { isInstant } from "../domain/timing.js";
import { GROUP } from "../lib/partitions.js";

/** Does a sync answer say when it was given? @param {any} data */
const told = (data) => typeof data.now === "string" && isInstant(data.now);

/** By question. @type {Record<string, (data: any) => boolean>} */
export const LOOKS = {
  login: (data) =>
    typeof data.token === "string" &&
    data.protocol === 1 &&
    Array.isArray(data.scope) &&
    isInstant(data.server_time) &&
    LOOKS.keys(data),
  keys: (data) => Boolean(data.keys?.constructor === Object && data.data_keys?.GRP),
  push: (data) =>
    told(data) &&
    typeof data.epoch === "string" &&
    Number.isInteger(data.last_n) &&
    Array.isArray(data.results),
  pull: (data) =>
    told(data) &&
    typeof data.epoch === "string" &&
    Array.isArray(data.scope) &&
    data.scope.includes(GROUP) &&
    typeof data.parts === "object" &&
    data.parts !== null,
  snapshot: (data) =>
    typeof data.epoch === "string" && Number.isInteger(data.seq) && Array.isArray(data.chunks),
  blob: (data) => Number.isInteger(data.offset) && typeof data.complete === "boolean",
  deviceState: (data) => data.state === "active" || data.state === "wipe",
  handIn: (data) => Array.isArray(data.received),
  schema: (data) => typeof data.records === "object" && typeof data.ops === "object",
};
