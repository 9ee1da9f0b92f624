// Why it exists: the plate is the eye's anchor; blue, or green for new energy, everywhere the same.
import { html, nothing } from "../../vendor/lit.js";
import { isNewEnergy, plateText } from "../lib/format.js";
import { markMatch } from "./mark.js";
import { define, Part } from "./part.js";

/** `<cd-plate plate="粤A12345" size="s|m|l" match="12">`; without a plate it says so; `match` is what was searched for. */
export class CdPlate extends Part {
  static properties = { plate: {}, size: {}, match: {} };

  constructor() {
    super();
    this.plate = "";
    this.size = "m";
    this.match = "";
  }

  render() {
    if (!this.plate) return html`<span class="plate plate--none" data-size=${this.size}>无牌</span>`;
    const kind = isNewEnergy(this.plate) ? "plate--green" : "plate--blue";
    const label = isNewEnergy(this.plate) ? html`<span class="sr-only">新能源</span>` : nothing;
    return html`<span class="plate ${kind}" data-size=${this.size}>${markMatch(plateText(this.plate), this.match)}</span>${label}`;
  }
}

define("cd-plate", CdPlate);
