// Why it exists: a small panel opens beside what was tapped and stays on the screen (native popover, placed by CSSOM).

const EDGE = 8;

/** Opens or closes `panel` (it has the `popover` attribute) under or above `anchor`. @param {HTMLElement} panel @param {HTMLElement} anchor */
export function openNear(panel, anchor) {
  if (!panel.togglePopover()) return;
  const from = anchor.getBoundingClientRect();
  const size = panel.getBoundingClientRect();
  const below = from.bottom + EDGE / 2 + size.height < innerHeight - EDGE;
  const top = below ? from.bottom + EDGE / 2 : Math.max(EDGE, from.top - size.height - EDGE / 2);
  const left = Math.max(EDGE, Math.min(from.left, innerWidth - size.width - EDGE));
  panel.style.setProperty("--x", `${Math.round(left)}px`);
  panel.style.setProperty("--y", `${Math.round(top)}px`);
}
