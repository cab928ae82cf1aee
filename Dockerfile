# Small image of the embedded installation. Build: docker build -t nousnous .  (linted, not run where it was written)
FROM node:22-bookworm-slim AS node
FROM python:3.12-slim-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /build
COPY . .
RUN pip install --no-cache-dir --require-hashes --target /install -r requirements/lock.txt \
 && PYTHONPATH=/install pip install --no-cache-dir --no-deps --no-build-isolation --target /install .

FROM python:3.12-slim-bookworm
RUN useradd --system --create-home nous && mkdir /var/lib/nous && chown nous /var/lib/nous
COPY --from=build /install /usr/local/lib/python3.12/site-packages
USER nous
ENV NOUS_HOME=/var/lib/nous
VOLUME /var/lib/nous
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
CMD ["python", "-m", "nousnous.site.command", "serve", "--host", "0.0.0.0", "--port", "8000"]
