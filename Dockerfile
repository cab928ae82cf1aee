# The embedded installation as an image: `docker build -t nousnous .`
# Linted by hadolint in `make check`, its steps tried one by one outside; never built or run, for there was no container engine.
FROM node:22-bookworm-slim AS node
FROM python:3.12-slim-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && python -m venv /opt/nous
WORKDIR /build
COPY requirements/product.txt requirements/
RUN /opt/nous/bin/pip install --no-cache-dir --require-hashes -r requirements/product.txt
COPY . .
RUN /opt/nous/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
RUN useradd --system --create-home --uid 800 nous && mkdir /var/lib/nous && chown nous /var/lib/nous
COPY --from=build /opt/nous /opt/nous
USER 800
ENV PATH=/opt/nous/bin:$PATH NOUS_HOME=/var/lib/nous
WORKDIR /var/lib/nous
VOLUME /var/lib/nous
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["nous", "serve", "--host", "0.0.0.0", "--port", "8000"]
