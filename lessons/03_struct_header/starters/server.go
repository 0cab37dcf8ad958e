// go build lessons/03_struct_header/starters/server.go && cargo kata lesson 3 --program './server {port}'

// Print the messages of each client: one Read for the header, one for the message.
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"net"
	"os"
)

func main() {
	server, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	for {
		client, err := server.Accept()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("connected:", client.RemoteAddr())
		printMessages(client)
		client.Close()
	}
}

func printMessages(client net.Conn) {
	header := make([]byte, 4)
	for {
		if _, err := client.Read(header); err != nil {
			return
		}
		length := int32(binary.LittleEndian.Uint32(header))
		message := make([]byte, length)
		n, _ := client.Read(message)
		fmt.Println(n, "bytes:", string(message[:n]))
	}
}
