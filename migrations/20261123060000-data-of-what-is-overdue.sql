-- Data that was given with an item which is overdue. It is suspended for that where the organisation turned it on, and then by
-- a person, a week after a warning, and never while a call is booked. null: it is turned off.
alter table organisations
  add column data_suspend_after_days smallint
    constraint data_suspended_after_a_while check (data_suspend_after_days between 7 and 365);

alter table data_allowances
  -- null: nobody was asked, before this was
  add column suspended_because text
    constraint data_suspended_because_word check (suspended_because in ('lost', 'loan-ended', 'overdue', 'asked')),
  add constraint only_suspended_data_has_a_reason check (suspended_because is null or suspended_at is not null);

alter table data_allowance_changes
  drop constraint data_change_kind_word,
  add constraint data_change_kind_word check (
    kind in ('given', 'topped-up', 'suspended', 'resumed', 'extended', 'sim-replaced', 'cancelled', 'warned')
  ) not valid;
alter table data_allowance_changes validate constraint data_change_kind_word;

create function overdue_data_is_suspended_last() returns trigger language plpgsql as $$
declare
  days integer := (select data_suspend_after_days from organisations where id = new.organisation_id);
  due date;
begin
  select due_on into due from loan_lines
  where id = new.loan_line_id and taken_at is not null and ended_at is null and cancelled_at is null for share;
  if days is null or due is null or due + days > (new.suspended_at at time zone 'Europe/London')::date
    or not exists (
      select from data_allowance_changes
      where data_allowance_id = new.id and kind = 'warned' and at <= new.suspended_at - interval '7 days'
        and (at at time zone 'Europe/London')::date > due
    )
    or exists (
      select from appointments
      where service_user_id = new.service_user_id and cancelled_at is null and ends_at > new.suspended_at
        and way in ('video', 'phone', 'text')
    )
    or exists (
      select from diary_entries
      where service_user_id = new.service_user_id and cancelled_at is null and ends_at > new.suspended_at
        and way in ('video', 'phone')
    ) then
    raise exception 'data allowance % is not suspended for being overdue', new.id
      using errcode = '23514', constraint = 'overdue_data_is_suspended_last', table = 'data_allowances';
  end if;
  return new;
end $$;
create trigger overdue_is_suspended_last before update of suspended_at, suspended_because on data_allowances
  for each row when (new.suspended_because = 'overdue') execute function overdue_data_is_suspended_last();
