# One image for every Airflow component and for the command line: the wheel with its SQL,
# contracts and expectations, the flows and the plugin, all of the same revision.
#
#   docker build --build-arg BASE_IMAGE=python:3.11-slim-bookworm -t cakupan:local .
#
# BASE_IMAGE has Python 3.11 as python3 and the time zone database; nothing else is
# asked of it. Give it by digest in production.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
# Another package index, when the default one is not reachable: the simple index for uv,
# its host for the bootstrap.
ARG PACKAGE_INDEX=https://pypi.org
ENV CAKUPAN_PYPI=${PACKAGE_INDEX} \
    UV_DEFAULT_INDEX=${PACKAGE_INDEX}/simple \
    UV_PROJECT_ENVIRONMENT=/opt/cakupan \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1 \
    UV_NO_CACHE=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /build
COPY tools/bootstrap.py tools/
RUN python3 tools/bootstrap.py /opt/tools
COPY pyproject.toml uv.lock README.md ./
RUN /opt/tools/bin/uv sync --frozen --no-dev --extra celery --no-install-project \
      --python "$(command -v python3)"
COPY src src
COPY include include
COPY expectations expectations
COPY dags dags
COPY plugins plugins
COPY deploy/api-server deploy/healthy bin/
# whoever checked the sources out, with whatever umask: everyone reads, nobody writes
RUN chmod -R a+rX,go-w . \
 && chmod 0755 bin/* \
 && /opt/tools/bin/uv sync --frozen --no-dev --extra celery --no-editable \
      --python "$(command -v python3)"

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Cakupan" \
      org.opencontainers.image.description="Monthly coverage of BPJS Ketenagakerjaan" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 cakupan \
 && useradd --uid 10001 --gid 10001 --home-dir /var/lib/cakupan --no-create-home \
      --shell /usr/sbin/nologin cakupan \
 && install -d -o 10001 -g 10001 -m 0750 /var/lib/cakupan /opt/airflow /opt/airflow/logs
COPY --from=build /opt/cakupan /opt/cakupan
COPY --from=build /build/dags /opt/airflow/dags
COPY --from=build /build/plugins /opt/airflow/plugins
COPY --from=build /build/bin /opt/airflow/bin
ENV PATH=/opt/airflow/bin:/opt/cakupan/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    AIRFLOW_HOME=/opt/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/airflow/dags \
    AIRFLOW__CORE__PLUGINS_FOLDER=/opt/airflow/plugins \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    CAKUPAN_HOME=/var/lib/cakupan
USER 10001:10001
WORKDIR /var/lib/cakupan
CMD ["cakupan", "--help"]
