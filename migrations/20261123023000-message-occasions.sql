-- What something was written about, or noted as a task, and when: one row a cause, so that nothing is written twice, whoever looks
-- for what falls due and however often. It says nothing of the person: only which loan, session or appointment, and which day or
-- time of it. Once that is not so any more, what waits to be sent is not sent.
create table message_occasions (
  cause text primary key check (cause ~ '^[a-z-]+:[a-z0-9:-]+$'),
  organisation_id bigint not null references organisations,
  rule text not null check (rule ~ '^[a-z-]+$'),
  subject_id bigint not null,
  about_at timestamptz(3),
  about_on date,
  -- whom the person knows: the name that it is sent under
  sender_id bigint,
  at timestamptz(3) not null check (isfinite(at)),
  foreign key (organisation_id, sender_id) references staff (organisation_id, id)
);
create index message_occasions_by_subject on message_occasions (subject_id, rule);

-- What falls due, found by its day or time.
create index sessions_to_come on diary_entries (starts_at)
  where cancelled_at is null and service_user_id is not null;
create index loans_by_moment on loans (lent_at);

-- Whether what a message is about is still so: the session at that time, the item still out until that day.
create function occasion_holds(asked text) returns boolean language sql stable as $$
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
        select from appointments where id = subject_id and cancelled_at is null and outcome is null
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

alter table deliveries
  drop constraint deliveries_outcome_check,
  add constraint deliveries_outcome_check check (
    outcome in ('trying', 'sent', 'failed', 'refused', 'gave-up', 'too-late', 'kept', 'again', 'withheld', 'overtaken')
  ) not valid;
alter table deliveries validate constraint deliveries_outcome_check;

create function message_is_still_so() returns trigger language plpgsql as $$
begin
  if new.outcome = 'trying' and not occasion_holds((select cause from messages where id = new.message_id)) then
    raise exception 'what message % is about is not so any more', new.message_id
      using errcode = '23514', constraint = 'message_is_still_so', table = 'deliveries';
  end if;
  return new;
end $$;
create trigger message_is_still_so before insert on deliveries
  for each row execute function message_is_still_so();
