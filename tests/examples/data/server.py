"""A server on this machine that gives what it is told to, as badly as it is told to."""
import hashlib
import http.server
import threading
import time


class Server(http.server.ThreadingHTTPServer):
    """`files` are bytes by path. `faults` of a path: "redirect", "circle", "no ranges", "busy" (503 once), or
    ("cut", N): at most N bytes in an answer; ("stall", N): then nothing for long. `asked` has all requests: path and
    the first byte that was asked for, or None."""

    daemon_threads = True

    def __init__(self):
        self.files, self.faults, self.asked = {}, {}, []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def starts(self, path):
        return [start for asked, start in self.asked if asked == path]

    def handle_error(self, request, client_address):
        pass  # a client that went away


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, *headers, body=b""):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.lstrip("/")
        given = self.headers.get("Range")
        self.server.asked.append((path, int(given[6:-1]) if given else None))
        fault = self.server.faults.get(path)
        if fault in ("redirect", "circle"):
            moved = path if fault == "circle" else f"moved/{path}"
            return self.answer(302, ("Location", f"/{moved}"), ("Content-Length", "0"))
        if fault == "busy":
            del self.server.faults[path]
            return self.answer(503, ("Content-Length", "0"))
        body = self.server.files.get(path.removeprefix("moved/"))
        if body is None:
            return self.answer(404, ("Content-Length", "4"), body=b"none")
        self.give(body, fault)

    def give(self, body, fault):
        start, etag = 0, f'"{hashlib.md5(body).hexdigest()}"'
        given = self.headers.get("Range")
        if given and fault != "no ranges" and self.headers.get("If-Range", etag) == etag:
            start = int(given[6:-1])
            if start >= len(body):
                return self.answer(416, ("Content-Range", f"bytes */{len(body)}"), ("Content-Length", "0"))
        self.send_response(206 if start else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body) - start))
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        kind, most = fault if isinstance(fault, tuple) else ("", len(body))
        self.wfile.write(body[start:start + most])
        if kind == "stall":
            self.wfile.flush()
            time.sleep(20)
