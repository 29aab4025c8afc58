-- Whoever has a device and no charger is on the worklist. To find those few among all that is out, one would look at each
-- device that anybody has; so the loan remembers whether it is one of them, whatever happens to its lines and by whomever.
-- (A charger in another loan of the same borrower counts too; that is looked up for the few.)
alter table loans add column lacks_charger boolean not null default false;

create function loans_know_whether_they_lack_a_charger() returns trigger language plpgsql as $$
begin
  update loans set lacks_charger = found.lacks
  from (
    select loan_id, coalesce(bool_or(needs_one), false) and not coalesce(bool_or(has_one), false) as lacks
    from (
      select loan_id,
             category in ('tablet', 'smartphone', 'laptop', 'hotspot') and taken_at is not null and ended_at is null
               as needs_one,
             category = 'charger' and taken_at is not null and coalesce(ended_as, '') in ('', 'given') as has_one
      from loan_lines join items on items.id = item_id
      where loan_id in (select loan_id from changed)
    ) lines
    group by loan_id
  ) found
  where loans.id = found.loan_id and loans.lacks_charger <> found.lacks;
  return null;
end $$;
create trigger new_lines_tell_their_loans after insert on loan_lines
  referencing new table as changed for each statement execute function loans_know_whether_they_lack_a_charger();
create trigger changed_lines_tell_their_loans after update on loan_lines
  referencing new table as changed for each statement execute function loans_know_whether_they_lack_a_charger();

update loans set lacks_charger = true
where exists (
  select from loan_lines join items on items.id = item_id
  where loan_id = loans.id and taken_at is not null and ended_at is null
    and category in ('tablet', 'smartphone', 'laptop', 'hotspot')
) and not exists (
  select from loan_lines join items on items.id = item_id
  where loan_id = loans.id and taken_at is not null and coalesce(ended_as, '') in ('', 'given') and category = 'charger'
);
create index loans_without_charger on loans (organisation_id, id) where lacks_charger;

-- The devices of a model, one after the other: of those whose security updates end, the worklist wants the first few.
create index items_of_a_model on items (model_id, id);
drop index items_by_model;
