// Why it exists: the same few places are always one tap away: a rail in landscape, a bottom bar in portrait.
import { html, nothing } from "../../vendor/lit.js";
import { countText } from "../lib/format.js";
import { T } from "../lib/texts.js";
import { icon } from "./cd-icon.js";
import { define, Part } from "./part.js";

/** @typedef {{key: "today" | "files" | "complaints" | "scripts" | "print" | "import" | "hq" | "admin" | "tablets", path: string,
 *   icon: string, roles?: string[], unless?: string, staff?: boolean}} Place */

const HQ = ["hq_operator", "hq_auditor"];

/** `staff` places are for people of a branch; `roles` narrows further; who is `unless` has it elsewhere. @type {Place[]} */
const PLACES = [
  { key: "today", path: "/today", icon: "calendar-check", staff: true },
  { key: "files", path: "/files", icon: "car", staff: true },
  { key: "complaints", path: "/complaints", icon: "message-square-warning", staff: true },
  { key: "scripts", path: "/scripts", icon: "book-open", staff: true },
  { key: "print", path: "/print", icon: "printer", staff: true },
  {
    key: "import",
    path: "/import",
    icon: "file-spreadsheet",
    roles: ["sales_clerk", "service_advisor", "service_clerk", "cs_agent", "cs_manager"],
  },
  { key: "hq", path: "/hq", icon: "building-2", roles: [...HQ, "admin"] },
  { key: "admin", path: "/admin", icon: "settings", roles: ["admin"] },
  {
    key: "tablets",
    path: "/admin",
    icon: "tablet",
    roles: ["cs_manager", "service_manager", "sales_manager", "general_manager", ...HQ],
    unless: "admin",
  },
];

/** @param {string[]} roles @returns {Place[]} the places these roles may open */
export function placesFor(roles) {
  const inBranch = roles.some((role) => !HQ.includes(role) && role !== "admin");
  return PLACES.filter(({ roles: wanted, unless = "" }) => !roles.includes(unless) && (wanted ? wanted.some((role) => roles.includes(role)) : inBranch));
}

/** Rail or bottom bar of real links; the router takes the clicks. */
export class CdNav extends Part {
  static properties = { roles: { attribute: false }, current: {}, counts: { attribute: false } };

  constructor() {
    super();
    /** @type {string[]} */
    this.roles = [];
    this.current = "/";
    /** @type {Record<string, number>} */
    this.counts = {};
  }

  render() {
    const places = placesFor(this.roles);
    const now = this.currentKey(places);
    return html`<nav class="nav" aria-label=${T.nav.label}>
      <ul class="nav-list">${places.map((place) => this.item(place, place.key === now))}</ul>
    </nav>`;
  }

  /** @param {Place[]} places the longest path that begins the present one wins */
  currentKey(places) {
    const here = places.filter(({ path }) => this.current === path || this.current.startsWith(`${path}/`));
    if (this.current.startsWith("/call/")) return "today";
    return here.sort((a, b) => b.path.length - a.path.length)[0]?.key ?? null;
  }

  /** @param {Place} place @param {boolean} marked */
  item(place, marked) {
    const n = this.counts[place.key] ?? 0;
    const badge = html`<span class="nav-count">${n > 99 ? "99+" : n}<span class="sr-only">（${countText(n)} 条）</span></span>`;
    return html`<li class=${place.staff ? "" : "nav-office"}>
      <a class="nav-link" href=${place.path} aria-current=${marked ? "page" : nothing}>
        <span class="nav-icon">${icon(place.icon)}${n ? badge : nothing}</span><span>${T.nav[place.key]}</span>
      </a>
    </li>`;
  }
}

define("cd-nav", CdNav);
