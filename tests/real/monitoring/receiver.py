"""What teams are told, a line each: `/TEAM STATUS ALERT MONITOR`, or `/TEAM TITLE` of what is written for Slack. receiver.py PORT FILE [HOST]."""

import http.server
import json
import sys


class Told(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with open(sys.argv[2], "a") as lines:
            for written in told.get("attachments", []):
                lines.write(f"{self.path} {written['title']}\n")
            for alert in told.get("alerts", []):
                labels = alert["labels"]
                lines.write(f"{self.path} {alert['status']} {labels['alertname']} {labels['monitor']}\n")
        self.send_response(200)
        self.end_headers()


HOST = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
http.server.ThreadingHTTPServer((HOST, int(sys.argv[1])), Told).serve_forever()
