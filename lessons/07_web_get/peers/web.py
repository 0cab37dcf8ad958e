"""Row 5 of the notes: a web server with a page in chunks, and a client that reads a page whole."""

import http.client
import http.server

from peer import HOST, main, say

CHUNKS = [b"<p>This page comes in chunks,\n", b"\r\n\r\nand has a blank line.</p>\n"]


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        assert self.requestline == "GET / HTTP/1.1", self.requestline
        assert self.headers["Host"].startswith(HOST), self.headers
        self.protocol_version = "HTTP/1.1"
        self.send_response_only(200, "OK")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in [*CHUNKS, b""]:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))

    def log_message(self, *_):
        pass


def serve():
    with http.server.HTTPServer((HOST, 0), Pages) as server:
        say(f"listening on {HOST}:{server.server_address[1]}")
        server.serve_forever()


def fetch(port):
    connection = http.client.HTTPConnection(HOST, port)
    connection.request("GET", "/", headers={"Connection": "close"})
    answer = connection.getresponse()
    say(f"HTTP/1.1 {answer.status} {answer.reason}")
    for name, value in answer.getheaders():
        say(f"{name}: {value}")
    say(f"\nsaved {len(answer.read())} bytes in memory")


main(serve, fetch)
