-- The worklist asks which plans begin soon, and of these which item is still out. To ask of all that is out whether somebody
-- is to have it soon took 10 ms at 25,000 open loan lines.
create index plans_to_come on item_holds (organisation_id, lower(plan), id)
  where taken_at is null and cancelled_at is null;
