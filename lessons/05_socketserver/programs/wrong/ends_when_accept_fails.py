"""Caught by the_server_survives_running_out_of_descriptors: AcceptErrorEndsTheServer.

An error of accept ends the loop, and the server listens no longer.
"""

import socket
import sys
import threading


def greet(conn):
    with conn:
        try:
            conn.sendall(b"Welcome!")
            while (name := conn.recv(1024)) not in (b"", b"exit"):
                conn.sendall(b"Hello, " + name + b"!")
        except OSError as error:
            print("failed:", error)


with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        conn, _ = server.accept()
        threading.Thread(target=greet, args=(conn,)).start()
