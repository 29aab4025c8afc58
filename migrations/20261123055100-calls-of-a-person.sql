-- What somebody tried out and learned is looked up for each of many appointments; the index that keeps a person from two places at
-- once answers it too, and takes five times as long.
create index diary_entries_calls_of_a_person on diary_entries (service_user_id, starts_at)
  where cancelled_at is null and kind = any('{trial-run-call,training-session}'::text[]);
