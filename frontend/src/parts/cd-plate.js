// Why it exists: the plate is the eye's anchor; blue, or green for new energy, everywhere the same.
import { html, nothing } from "../../vendor/lit.js";
import { isNewEnergy, plateText } from "../lib/format.js";
import { define, Part } from "./part.js";

/** `<cd-plate plate="粤A12345" size="s|m|l">`; without a plate it says so. */
export class CdPlate extends Part {
  static properties = { plate: {}, size: {} };

  constructor() {
    super();
    this.plate = "";
    this.size = "m";
  }

  render() {
    if (!this.plate) return html`<span class="plate plate--none" data-size=${this.size}>无牌</span>`;
    const kind = isNewEnergy(this.plate) ? "plate--green" : "plate--blue";
    const label = isNewEnergy(this.plate) ? html`<span class="sr-only">新能源</span>` : nothing;
    return html`<span class="plate ${kind}" data-size=${this.size}>${plateText(this.plate)}</span>${label}`;
  }
}

define("cd-plate", CdPlate);
