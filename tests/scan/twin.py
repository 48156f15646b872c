"""The twin: a small site full of holes, dug so that each scanner can show that it sees.

It holds nothing of anybody, listens on loopback alone, and is no part of the app. What would hurt
the machine it runs on stands in functions that nothing calls: they are for those who read code.
"""

import hashlib
import os
import pickle
import random
import sqlite3
import subprocess
import sys
import threading
from html import escape

import requests
from flask import Flask, Response, redirect, render_template_string, request
from markupsafe import Markup
from werkzeug.serving import make_server

AWS_KEY = "AKIAIOSFODNN7EXAMPLR"
API_PASSWORD = "hunter2-hunter2-hunter2"

app = Flask(__name__)
store = sqlite3.connect(":memory:", check_same_thread=False)
store.executescript(
    "CREATE TABLE p (id TEXT, name TEXT); INSERT INTO p VALUES ('p1', 'Per'), ('p2', 'Ida');"
    "CREATE TABLE note (text TEXT)"
)
turn = threading.Lock()


def rows(statement: str, *values: str) -> list[tuple]:
    with turn:
        return store.execute(statement, values).fetchall()


def plain(markup: str) -> Response:
    """No policy, no header, and a cookie that scripts can read."""
    answer = Response(f"<html><head><title>Twin</title></head><body>{markup}</body></html>")
    answer.set_cookie("session", "twin")
    return answer


@app.get("/")
def start() -> Response:
    links = ("p/p1", "s?q=Per", "notes", "number?n=1", "go?to=/notes", "file?name=a.txt")
    return plain("".join(f'<a href="/{link}">{link}</a> ' for link in links))


@app.get("/p/<key>")
def person(key: str) -> Response:
    """SQL from the path."""
    try:
        return plain(escape(str(rows(f"SELECT name FROM p WHERE id = '{key}'"))))
    except sqlite3.Error as error:
        return Response(f"sqlite3.OperationalError: {error}", 500)


@app.get("/s")
def search() -> Response:
    """SQL and markup from the query."""
    asked = request.args.get("q", "")
    try:
        found = rows(f"SELECT name FROM p WHERE name LIKE '%{asked}%'")
    except sqlite3.Error as error:
        return Response(f"sqlite3.OperationalError: {error}", 500)
    return plain(f"<p>{asked}</p>{escape(str(found))}")


@app.route("/notes", methods=["GET", "POST"])
def notes() -> Response:
    """What was typed, shown to everybody as it was typed; and no token."""
    if request.method == "POST":
        rows("INSERT INTO note VALUES (?)", request.form.get("text", ""))
    shown = "".join(f"<p>{text}</p>" for (text,) in rows("SELECT text FROM note"))
    form = '<form method="post" action="/notes"><textarea name="text">x</textarea>'
    return plain(f'{shown}{form}<input type="submit"></form>')


@app.get("/number")
def number() -> Response:
    """Falls over what is no number."""
    return plain(str(int(request.args.get("n", "0")) + 1))


@app.get("/go")
def go() -> Response:
    return redirect(request.args.get("to", "/"))


@app.get("/file")
def file() -> Response:
    """A path from the query, as far as a crawler can see: it is answered, not read."""
    name = request.args.get("name", "")
    return plain("root:x:0:0:root:/root:/bin/bash" if "etc/passwd" in name else escape(name))


# --- For those who read code; nothing calls these -----------------------------------------------


def shell(name: str) -> None:
    subprocess.call(f"ls {name}", shell=True)
    os.system(f"ls {name}")


def unpack(raw: bytes) -> object:
    return pickle.loads(raw)


def weak(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest() + str(random.random())


def asked(url: str) -> object:
    return requests.get(url, verify=False)


def drawn(text: str) -> str:
    return render_template_string(text) + Markup(f"<b>{text}</b>")


def main() -> None:
    # Nobody but this machine, whatever is asked for.
    server = make_server("127.0.0.1", int(os.environ["PORT"]), app, threaded=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
