//! Hosts that are this machine, or that nobody has.

/// Is `host` this machine, a container's neighbour, or a documentation name?
pub fn is_local_host(host: &[u8]) -> bool {
    let text = String::from_utf8_lossy(host).to_ascii_lowercase();
    let name = if let Some(rest) = text.strip_prefix('[') {
        rest.split(']').next().unwrap_or_default()
    } else {
        text.split(':').next().unwrap_or_default()
    };
    let loopback = name == "localhost"
        || name.starts_with("127.")
        || name == "::1"
        || name == "0.0.0.0"
        || name.ends_with(".localhost");
    let neighbour = !name.contains('.') && !name.contains(':');
    let near = name.ends_with(".local") || name.ends_with("host.docker.internal");
    loopback || neighbour || near || is_reserved_host(host)
}

/// Is `host` a name that is kept for documentation and tests?
pub fn is_reserved_host(host: &[u8]) -> bool {
    let text = String::from_utf8_lossy(host).to_ascii_lowercase();
    let name = text.split(':').next().unwrap_or_default();
    name.contains("example") || [".test", ".invalid"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_of_ones_own_are_local() {
        for host in ["localhost:5432", "127.0.0.1", "db", "[::1]:80", "db.example.com"] {
            assert!(is_local_host(host.as_bytes()), "{host}");
        }
        assert!(!is_local_host(b"db.prod.acme.io:5432"));
    }
}
