"""Shows the certificate that a file holds now to whoever calls: tls.py PORT FILE."""

import socket
import ssl
import sys
import threading


def show(connection):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2])
    connection.settimeout(5)
    try:
        with context.wrap_socket(connection, server_side=True) as spoken:
            spoken.recv(1)
    except OSError:
        connection.close()


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        threading.Thread(target=show, args=(server.accept()[0],), daemon=True).start()
