"""What a request costs at least: a bare Flask view that reads JSON and answers JSON."""

from flask import Flask, request

app = Flask(__name__)


@app.post("/pull")
def pull() -> dict:
    """The smallest answer that looks like one."""
    return {"now": "", "device": request.get_json()["device"], "parts": {}}


@app.get("/healthz")
def healthz() -> str:
    """For waiting until it runs."""
    return "ok"
