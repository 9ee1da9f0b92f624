// Why it exists: taking in what was stored costs as much for one change as for fifty, so those that come while it is done
// are taken in together afterwards.

/**
 * `ask()` has `work` run once more after the present run, however often it is asked; `done()` resolves after the last run
 * asked for.
 * @param {() => Promise<any>} work @param {(error: unknown) => void} failed
 */
export function coalesced(work, failed) {
  let [last, queued] = [Promise.resolve(), false];
  return {
    ask() {
      if (queued) return;
      queued = true;
      const run = () => {
        queued = false;
        return work();
      };
      last = last.then(run).catch(failed);
    },
    done: () => last,
  };
}
