// Why it exists: names the shapes that pages hand to parts; types only, nothing runs here.

/**
 * @typedef {object} Field a field declaration of shared_schema
 * @property {string} type @property {string} label
 * @property {boolean} [required] @property {number} [max] @property {number} [min]
 * @property {string} [list] @property {string} [record] @property {Field} [of] @property {Record<string, Field>} [fields]
 * @property {boolean} [multiline] @property {string} [unit] @property {string} [help] @property {string} [pattern]
 * @property {boolean} [screen_only] a signature without the way over paper
 *
 * @typedef {{field: string, code: string, message?: string}} Problem
 * @typedef {{code: string, label: string}} Choice
 * @typedef {Record<string, {items: Choice[]}>} Lists
 * @typedef {object} Schema
 * @property {Record<string, {label: string, fields: Record<string, Field>}>} records
 * @property {Lists} lists
 * @property {Record<string, {message: string}>} codes
 * @property {Record<string, {label: string}>} ops
 *
 * @typedef {object} Clock a row of `complaint_clocks`
 * @property {string} label @property {string} due_at @property {string} [started_at]
 * @property {string | null} [stopped_at] @property {string} state @property {number} [working_minutes]
 *
 * @typedef {object} SyncState part of `app.state()`
 * @property {{phase: string, percent: number | null, last_at: string | null, message: string | null}} sync
 * @property {boolean} online @property {number} pending @property {number} parked @property {boolean} [practice]
 * @property {number} [pending_blobs] files waiting @property {number} [refused_blobs] files the server will not take
 * @property {string | null} [oldest_at] since when the first unsent op waits
 * @property {boolean} [loaded] the chosen branch's data can be read here
 * @property {string | null} [held_by] the branch whose person must sign in before anything is sent
 * @property {{persisted: boolean | null, usage: number, quota: number}} [storage]
 */

export {};
