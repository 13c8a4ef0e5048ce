#!/bin/sh
# First start of the warehouse: the owner and loader `cakupan_etl`, and the login of
# analysts. Everything else is made by `cakupan init`.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
  -v etl="$CAKUPAN_ETL_PASSWORD" -v analyst="$CAKUPAN_ANALYST_PASSWORD" <<'SQL'
create role cakupan_etl login createrole password :'etl';
create role cakupan_analyst nologin;
create role cakupan_steward nologin;
create role cakupan_report nologin;
create role cakupan_pages nologin;
-- the loader grants and switches to these, so it administers them
grant cakupan_analyst, cakupan_steward, cakupan_report, cakupan_pages to cakupan_etl
  with admin true, inherit false, set true;
create role cakupan_analyst_login login password :'analyst' in role cakupan_analyst;
create database cakupan owner cakupan_etl;
revoke connect on database cakupan from public;
grant connect on database cakupan
  to cakupan_analyst, cakupan_steward, cakupan_report, cakupan_pages;
SQL
