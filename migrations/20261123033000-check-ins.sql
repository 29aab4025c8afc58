-- How it is going with a loan, asked after 2 and 6 weeks of those who said that they may be asked. A check-in is answered once, through a
-- link of its own: the table keeps a hash of it, so whoever reads the table can open nothing.
create table check_in_wishes (
  loan_id bigint primary key,
  organisation_id bigint not null,
  may_ask boolean not null,
  at timestamptz(3) not null,
  by bigint not null,
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, by) references staff (organisation_id, id)
);

create table check_ins (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  loan_id bigint not null,
  week smallint not null constraint check_in_week check (week in (2, 6)),
  token_hash text not null unique,
  asked_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,
  answer text constraint check_in_answer_word check (answer in ('well', 'some-trouble', 'not-working')),
  answered_at timestamptz(3),
  seen_at timestamptz(3),
  seen_by bigint,
  unique (organisation_id, id),
  constraint one_check_in_a_week unique (loan_id, week),
  foreign key (organisation_id, loan_id) references loans (organisation_id, id),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, seen_by) references staff (organisation_id, id),
  constraint check_in_is_answered_in_time check (
    (answer is null) = (answered_at is null) and answered_at <= expires_at and num_nulls(seen_at, seen_by) in (0, 2)
  )
);
create index check_ins_to_follow_up on check_ins (organisation_id, answered_at, id)
  where seen_at is null and answer = any('{some-trouble,not-working}');
create index check_ins_by_person on check_ins (service_user_id);

-- An answer is given once, and nobody is asked who did not say yes.
create function check_in_stays_as_answered() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select from check_in_wishes where loan_id = new.loan_id and may_ask for share) then
      raise exception 'nobody said that they may be asked about loan %', new.loan_id
        using errcode = '23514', constraint = 'check_in_stays_as_answered', table = 'check_ins';
    end if;
  elsif to_jsonb(new) - '{service_user_id,answer,answered_at,seen_at,seen_by}'::text[]
        <> to_jsonb(old) - '{service_user_id,answer,answered_at,seen_at,seen_by}'::text[]
     or old.answer is not null and (new.answer, new.answered_at) is distinct from (old.answer, old.answered_at)
     or old.seen_at is not null and new.seen_at is distinct from old.seen_at then
    raise exception 'check-in % stays as it was answered', old.id
      using errcode = '23514', constraint = 'check_in_stays_as_answered', table = 'check_ins';
  end if;
  return new;
end $$;
create trigger check_in_stays_as_answered before insert or update on check_ins
  for each row execute function check_in_stays_as_answered();
create trigger follow_merge before insert or update of service_user_id on check_ins
  for each row execute function follow_merge();
