// go build lessons/06_hmac_auth/starters/server.go && cargo kata lesson 6 --program './server {port}' --wire chat

// Challenge each client, and chat with it in capitals: one Read for the answer.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
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
		if provesItself(client) {
			fmt.Println("accepted:", client.RemoteAddr())
			chat(client)
		}
		client.Close()
	}
}

func provesItself(client net.Conn) bool {
	challenge := make([]byte, 32)
	rand.Read(challenge)
	client.Write(challenge)
	answer := make([]byte, 32)
	n, _ := client.Read(answer)
	expected := hmac.New(md5.New, []byte("henry"))
	expected.Write(challenge)
	return bytes.Equal(answer[:n], expected.Sum(nil))
}

func chat(client net.Conn) {
	data := make([]byte, 1024)
	for {
		n, err := client.Read(data)
		if err != nil {
			return
		}
		client.Write(bytes.ToUpper(data[:n]))
	}
}
