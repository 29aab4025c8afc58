-- Where a figure of megabytes a minute is from, so that whoever plans by it can tell how far to trust it.
alter table platforms
  add column mb_source text not null default '' constraint platform_data_source_is_short check (length(mb_source) <= 200);
alter table organisations
  add column data_mb_source text not null default '' constraint data_source_is_short check (length(data_mb_source) <= 200);
