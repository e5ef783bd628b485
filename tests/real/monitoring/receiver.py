"""What teams are told, a line each: `/TEAM STATUS ALERT MONITOR`. receiver.py PORT FILE."""

import http.server
import json
import sys


class Told(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(sys.argv[2], "a") as lines:
            for alert in told["alerts"]:
                labels = alert["labels"]
                lines.write(f"{self.path} {alert['status']} {labels['alertname']} {labels['monitor']}\n")
        self.send_response(200)
        self.end_headers()


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Told).serve_forever()
