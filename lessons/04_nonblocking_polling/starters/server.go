// go build lessons/04_nonblocking_polling/starters/server.go && cargo kata lesson 4 --program './server {port}'

// Answer in capitals: the listener is polled, and a Read of the connections that it accepts waits.
package main

import (
	"bytes"
	"fmt"
	"log"
	"net"
	"os"
	"time"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	server := listener.(*net.TCPListener)
	var clients []net.Conn
	for {
		server.SetDeadline(time.Now().Add(time.Millisecond))
		client, err := server.Accept()
		if err == nil {
			fmt.Println("connected:", client.RemoteAddr())
			clients = append(clients, client)
			continue
		}
		clients = serve(clients)
	}
}

// Serve each client once, and return those that stay.
func serve(clients []net.Conn) (staying []net.Conn) {
	data := make([]byte, 1024)
	for _, client := range clients {
		n, err := client.Read(data)
		if err != nil {
			client.Close()
			continue
		}
		client.Write(bytes.ToUpper(data[:n]))
		staying = append(staying, client)
	}
	return staying
}
