# docker build -t caulk:0.1.0 .
# docker run --rm -v "$PWD:/src:ro" caulk:0.1.0 history
FROM rust:1.95.0-slim-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock build.rs ./
COPY src src
COPY rules rules
COPY benches benches
RUN cargo build --locked --release --bin caulk

# With a shell, which pipelines want. caulk needs nothing but the C library.
FROM debian:12.11-slim
COPY --from=build /build/target/release/caulk /usr/local/bin/caulk
# caulk runs no git and asks for no owner: a mounted repository may belong to anybody, as long as it can be read.
USER 10001:10001
WORKDIR /src
ENTRYPOINT ["caulk"]
