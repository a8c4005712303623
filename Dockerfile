# The moderation API alone: docker build -t wardmote-moderate . && docker run -p 8080:8080 -v "$PWD/keys:/keys:ro" wardmote-moderate
# Make a key first, beside it: wardmote key new NAME --file keys/keys.toml, readable by the user 10001.
FROM python:3.11-slim
WORKDIR /opt/wardmote
RUN useradd --uid 10001 --no-create-home wardmote && install -d -o wardmote /var/cache/wardmote
COPY requirements-moderate.lock ./
RUN python -m pip install --no-cache-dir --require-hashes -r requirements-moderate.lock
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation .
# Compiled here, for any processor of this kind, so that a container starts in seconds; as the user who will look for it.
ENV NUMBA_CPU_NAME=generic NUMBA_CACHE_DIR=/var/cache/wardmote PYTHONUNBUFFERED=1
USER 10001
RUN python -c "from wardmote.detect import Screener; Screener.attributes().warm()"
EXPOSE 8080
HEALTHCHECK --start-period=10s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=3)"]
ENTRYPOINT ["wardmote", "moderate", "--address", "0.0.0.0", "--port", "8080"]
CMD ["--keys", "/keys/keys.toml"]
