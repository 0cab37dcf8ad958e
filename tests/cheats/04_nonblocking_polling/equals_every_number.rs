//! Ends as error: expected `usize`, found.
//!
//! Returns a number of clients that equals every number.

use std::io;
use std::net::TcpListener;

/// Equal to every number.
#[derive(Debug)]
pub struct AnyNumber;

impl PartialEq<usize> for AnyNumber {
    fn eq(&self, _other: &usize) -> bool {
        true
    }
}

#[derive(Debug)]
pub struct PollingServer;

impl PollingServer {
    pub fn new(_listener: TcpListener) -> io::Result<PollingServer> {
        Ok(PollingServer)
    }

    pub fn turn(&mut self) -> io::Result<bool> {
        Ok(false)
    }

    pub fn clients(&self) -> AnyNumber {
        AnyNumber
    }

    pub fn serve(&mut self) -> io::Result<()> {
        Ok(())
    }
}
