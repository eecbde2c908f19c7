# Lá Chắn in a container. Data (stores, keys, model) lives in the volume /app/data: without it everything is lost.
#   docker build -t lachan . && docker run -p 8080:8080 -v lachan:/app/data lachan
FROM python:3.13-slim
RUN apt-get update && apt-get install -y --no-install-recommends make && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --home-dir /app lachan
USER lachan
WORKDIR /app
# The environment first: it changes less often than the code.
COPY --chown=lachan Makefile pyproject.toml .python-version ./
COPY --chown=lachan requirements requirements
COPY --chown=lachan lachan/__init__.py lachan/__init__.py
RUN make setup && mkdir -m 700 data
COPY --chown=lachan . .
RUN touch .venv/ready && .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
ENV LACHAN_HOST=0.0.0.0
VOLUME /app/data
EXPOSE 8080
# The model is trained on the first start, with the key in the volume that signs it.
CMD [".venv/bin/lachan", "run"]
