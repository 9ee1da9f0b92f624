// Why it exists: in automation mode this WebKit keeps its console to itself, so the page notes what it complains of.
// Policy violations are told from the document's beginning, the rest from here on.

if (!window.heard) {
  window.heard = [];
  const note = (kind, what) => window.heard.push(`${kind}: ${what?.stack ?? what}`);
  for (const level of ["error", "warn"]) console[level] = (...said) => note(level, said.map(String).join(" "));
  addEventListener("error", ({ message, error }) => note("error", error ?? message));
  addEventListener("unhandledrejection", ({ reason }) => note("rejection", reason));
  const policy = (reports) => {
    for (const { body } of reports) note("policy", `${body.effectiveDirective} ${body.blockedURL} ${body.sample}`);
  };
  new ReportingObserver(policy, { types: ["csp-violation"], buffered: true }).observe();
}
