# cargo kata lesson 3 --program 'python3 lessons/03_struct_header/starters/server.py {port}'
"""Print the messages of each client: one recv for the header, one for the message."""

import socket
import struct
import sys

with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
    while True:
        client, address = server.accept()
        print("connected:", address)
        with client:
            while header := client.recv(4):
                (length,) = struct.unpack("<i", header)
                message = client.recv(length)
                print(len(message), "bytes:", message.decode(errors="replace"))
