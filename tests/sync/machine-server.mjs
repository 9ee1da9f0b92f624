// Why it exists: starts the real server for a test, on a database of its own, and stops it again.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const VENV = join(ROOT, ".venv/bin/python");
const PYTHON = process.env.PYTHON ?? (existsSync(VENV) ? VENV : "python3");
const START_MS = 60_000;

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function run(args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(PYTHON, ["-m", "backend", ...args], {
      cwd: ROOT,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let told = "";
    child.stderr.on("data", (data) => {
      told += data;
    });
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`backend ${args[0]}: ${told}`))));
  });
}

/**
 * The server under test: that of SYNC_BASE_URL, or a new process on SQLite, or on DATABASE_URL (an empty database).
 * @param {number} vehicles in the demo group
 * @returns {Promise<{base: string, stop: () => Promise<void>}>}
 */
export async function startServer(vehicles) {
  if (process.env.SYNC_BASE_URL) return { base: process.env.SYNC_BASE_URL, stop: async () => {} };
  const [folder, port] = [mkdtempSync(join(tmpdir(), "chedang-sync-")), await freePort()];
  const env = { ...process.env, DATA_DIR: folder, PORT: String(port), HOST: "127.0.0.1", WORKERS: "1" };
  await run(["demo", "--vehicles", String(vehicles)], env);
  const child = spawn(PYTHON, ["-m", "backend", "serve"], { cwd: ROOT, env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const begun = Date.now(); Date.now() - begun < START_MS; ) {
    if ((await fetch(`${base}/healthz`).catch(() => null))?.ok) return { base, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error("the server did not start");
}
