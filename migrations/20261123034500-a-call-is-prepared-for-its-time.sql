-- The mail that helps somebody get ready names the time of the call: once that is another, or they meet in person, it is not sent.
-- Whether what a message is about is still so: the session at that time, the item still out until that day.
create or replace function occasion_holds(asked text) returns boolean language sql stable as $$
  select coalesce((
    select case
      when rule like 'session-%' then exists (
        select from diary_entries where id = subject_id and cancelled_at is null and starts_at = about_at
      )
      when rule like 'review-%' or rule like 'overdue-%' then exists (
        select from loan_lines
        where loan_id = subject_id and due_on = about_on and taken_at is not null and ended_at is null
      )
      when rule = 'loan-made' then exists (
        select from loan_lines where loan_id = subject_id and taken_at is not null and ended_at is null
      )
      when rule = 'appointment-preparation' then exists (
        select from appointments
        where id = subject_id and starts_at = about_at and cancelled_at is null and outcome is null
          and way in ('video', 'phone', 'text')
      )
      when rule = 'data-ending' then exists (
        select from data_allowances where id = subject_id and cancelled_at is null and ends_on = about_on
      )
      when rule = 'locker-uncollected' then exists (
        select from locker_deposits where id = subject_id and ended_at is null
      )
      else true
    end
    from message_occasions where cause = asked
  ), true)
$$;
