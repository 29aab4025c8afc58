-- Since when nothing was used, as of a reading: the moment of the first of the readings that all say the same, with what was
-- added between them. Where more comes each period it was unused while it was full each time. It is written with the reading,
-- which stays as it is: so who does not use their data is found by an index, among however many readings.
alter table data_readings
  add column unchanged_since timestamptz(3)
    constraint data_unchanged_since_an_earlier_reading check (unchanged_since < read_at);
create index data_readings_unchanged_for_30_days on data_readings (organisation_id, read_at)
  where read_at - unchanged_since >= interval '30 days';

create or replace function data_reading_is_the_newest() returns trigger language plpgsql as $$
declare
  plan record;
  before record;
  added integer;
begin
  select megabytes, period into plan from data_allowances where id = new.data_allowance_id for no key update;
  select read_at, megabytes_left, unchanged_since into before from data_readings
  where data_allowance_id = new.data_allowance_id order by read_at desc limit 1;
  if before.read_at >= new.read_at then
    raise exception 'allowance % has a newer reading', new.data_allowance_id
      using errcode = '23514', constraint = 'data_reading_is_the_newest', table = 'data_readings';
  end if;

  select coalesce(sum(megabytes), 0) into added from data_allowance_changes
  where data_allowance_id = new.data_allowance_id and kind = 'topped-up' and at >= before.read_at and at < new.read_at;
  new.unchanged_since := case
    when plan.period = 'once' and new.megabytes_left = before.megabytes_left + added
      or plan.period <> 'once' and least(new.megabytes_left, before.megabytes_left) >= plan.megabytes
    then coalesce(before.unchanged_since, before.read_at)
  end;
  return new;
end $$;
