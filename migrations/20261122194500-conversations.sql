-- The conversation about what shuts somebody out. Answers are kept for ever, one row for each question of a conversation. What
-- was chosen from a list stands in the row, where counts go on being true after retention; whatever is in somebody's own words
-- stands in conversation_answer_words, which retention may empty.

create table conversations (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  how text not null constraint conversation_how_word
    check (how in ('in-person', 'home-visit', 'phone', 'video', 'text', 'paper')),
  -- the day they said it: a paper version is typed in later
  held_on date not null check (isfinite(held_on)),
  began_at timestamptz(3) not null,
  began_by bigint not null,
  finished_at timestamptz(3),
  finished_by bigint,
  review_on date check (isfinite(review_on)),
  -- another one was finished since, so nobody has to be reminded of this one
  reviewed_at timestamptz(3),
  unique (organisation_id, id),
  unique (organisation_id, id, held_on),
  constraint conversation_is_finished_by_somebody check ((finished_at is null) = (finished_by is null)),
  constraint finished_conversation_is_reviewed_one_day check ((finished_at is null) = (review_on is null)),
  constraint review_comes_after_conversation check (review_on > held_on),
  constraint only_a_finished_conversation_is_reviewed check (reviewed_at is null or finished_at is not null),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, began_by) references staff (organisation_id, id),
  foreign key (organisation_id, finished_by) references staff (organisation_id, id)
);
create index conversations_by_person on conversations (service_user_id, id desc);
create index conversations_to_review on conversations (organisation_id, review_on, id)
  where finished_at is not null and reviewed_at is null;

create table conversation_answers (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  conversation_id bigint not null,
  said_on date not null,
  question text not null check (question ~ '^[a-z][a-z-]{1,39}$'),
  kind text not null constraint answer_kind_word check (kind in ('answered', 'prefer-not', 'not-asked')),
  chosen text[] not null default '{}' check (cardinality(chosen) <= 30),
  -- says that something is not safe; and, of a later one, that somebody says by name that it is safe now
  is_concern boolean not null default false,
  clears boolean not null default false,
  version integer not null default 1 check (version > 0),
  at timestamptz(3) not null,
  answered_by bigint not null,
  unique (organisation_id, id),
  constraint one_answer_to_a_question_in_a_conversation unique (conversation_id, question),
  constraint only_an_answer_says_something
    check (kind = 'answered' or (chosen = '{}' and not is_concern and not clears)),
  constraint nothing_is_a_concern_and_clears_it check (not (is_concern and clears)),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, conversation_id, said_on) references conversations (organisation_id, id, held_on),
  foreign key (organisation_id, answered_by) references staff (organisation_id, id)
);
-- The newest answer to each question is the first row of each run of this index. A safety answer has two: the last that
-- decides, and the last of the others.
create index conversation_answers_newest
  on conversation_answers (service_user_id, question, (is_concern or clears), said_on desc, id desc)
  where kind = 'answered';

create table conversation_answer_words (
  answer_id bigint primary key,
  organisation_id bigint not null,
  words text not null default '' check (length(words) <= 2000),
  -- how whoever cleared a concern knows that it holds no more
  cleared_because text not null default '' check (length(cleared_because) <= 2000),
  foreign key (organisation_id, answer_id) references conversation_answers (organisation_id, id)
);

-- What was said stays: a conversation that is finished is not written in again, and goes along to another record of the same
-- person whole. A concern is not overwritten by something harmless unless somebody clears it.
create function conversation_stays() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id'];
begin
  if old.finished_at is null then may_change := may_change || array['finished_at', 'finished_by', 'review_on']; end if;
  if old.reviewed_at is null then may_change := may_change || 'reviewed_at'::text; end if;
  if to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
    raise exception 'what was said in a conversation stays'
      using errcode = '23514', constraint = 'conversation_stays', table = tg_table_name;
  end if;
  return new;
end $$;
create trigger conversation_stays before update on conversations for each row execute function conversation_stays();

create function conversation_answer_stays() returns trigger language plpgsql as $$
declare
  may_change text[] := array['service_user_id'];
  is_finished boolean;
begin
  select finished_at is not null into is_finished from conversations where id = new.conversation_id for share;
  if tg_op = 'UPDATE' then
    if not is_finished then
      may_change := may_change || array['kind', 'chosen', 'is_concern', 'clears', 'version', 'at', 'answered_by'];
    end if;
    if to_jsonb(new) - may_change is distinct from to_jsonb(old) - may_change then
      raise exception 'what was said in a conversation stays'
        using errcode = '23514', constraint = 'conversation_stays', table = tg_table_name;
    end if;
    if old.is_concern and not new.is_concern and not new.clears then
      raise exception 'a concern is cleared by name'
        using errcode = '23514', constraint = 'concern_is_cleared_by_name', table = tg_table_name;
    end if;
  elsif is_finished then
    raise exception 'what was said in a conversation stays'
      using errcode = '23514', constraint = 'conversation_stays', table = tg_table_name;
  end if;
  return new;
end $$;
create trigger conversation_answer_stays before insert or update on conversation_answers
  for each row execute function conversation_answer_stays();

-- What could be done about what shuts somebody out: one row from when an answer first asked for it. It is withdrawn when the
-- answers ask for it no more, or for another reason; until then what somebody decided about it stands.
create table suggestions (
  id bigint generated always as identity primary key,
  organisation_id bigint not null,
  service_user_id bigint not null,
  factor text not null check (factor ~ '^[a-z][a-z-]{1,39}$'),
  step text not null check (step ~ '^[a-z][a-z-]{1,39}$'),
  level text not null constraint suggestion_level_word check (level in ('barrier', 'risk')),
  -- the answers that asked for it, in the words of the rules
  because text not null check (length(because) <= 1000),
  raised_at timestamptz(3) not null,
  decision text constraint suggestion_decision_word check (decision in ('done', 'deferred', 'declined')),
  decided_at timestamptz(3),
  decided_by bigint,
  until date check (isfinite(until)),
  withdrawn_at timestamptz(3),
  unique (organisation_id, id),
  constraint suggestion_is_decided_by_somebody
    check ((decision is null) = (decided_at is null) and (decision is null) = (decided_by is null)),
  constraint what_is_deferred_comes_back check ((until is not null) = (decision is not distinct from 'deferred')),
  foreign key (organisation_id, service_user_id) references service_users (organisation_id, id),
  foreign key (organisation_id, decided_by) references staff (organisation_id, id)
);
create index suggestions_by_person on suggestions (service_user_id) where withdrawn_at is null;
create index suggestions_waiting on suggestions (organisation_id, id) where withdrawn_at is null and decision is null;
create index suggestions_deferred on suggestions (organisation_id, until, id)
  where withdrawn_at is null and decision = 'deferred';

create trigger follow_merge before insert or update of service_user_id on conversations
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on conversation_answers
  for each row execute function follow_merge();
create trigger follow_merge before insert or update of service_user_id on suggestions
  for each row execute function follow_merge();
