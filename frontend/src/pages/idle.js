// Why it exists: a tablet that nobody touches locks itself (TRUST-lock). Time out of sight counts as idle, but going out of
// sight does not lock by itself: the dialler, the camera and the print dialog all hide the page.
import { session } from "./session.js";

const CHECK_MS = 5_000;
const TELL_MS = 5_000;
const TOUCHES = ["pointerdown", "keydown", "wheel", "input"];
const MINUTE_MS = 60_000;

/** Locks after the rule's minutes without a touch in any tab of this tablet. @param {() => void} lock */
export function watchIdle(lock) {
  const others = new BroadcastChannel("chedang-touch");
  let [wall, steady, told] = [Date.now(), performance.now(), 0];

  function touched() {
    [wall, steady] = [Date.now(), performance.now()];
  }

  function tell() {
    touched();
    if (steady - told < TELL_MS) return;
    told = steady;
    others.postMessage("touched");
  }

  /** Two clocks: one may be turned back, the other may stand still while the tablet sleeps. */
  const idleMs = () => Math.max(Date.now() - wall, performance.now() - steady);

  function check() {
    const minutes = session.state?.vault.idle_minutes;
    if (session.state?.session && !session.state.practice && minutes && idleMs() >= minutes * MINUTE_MS) lock();
  }

  others.onmessage = touched;
  for (const type of TOUCHES) addEventListener(type, tell, { capture: true, passive: true });
  document.addEventListener("visibilitychange", check);
  setInterval(check, CHECK_MS);
}
