"""A program that answers, late while a file is there: app.py PORT FILE."""

import http.server
import os
import sys
import time


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if os.path.exists(sys.argv[2]):
            time.sleep(0.4)
        self.send_response(200)
        self.end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
