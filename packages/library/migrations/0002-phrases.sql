-- So that one look into the index of words answers a search. A text's words now have two that nobody says among them, as
-- they begin with a blank: its account and its configuration. Without them, words of each text that was found were read
-- again to see whether they are in the right language.
--
-- And for phrases: that index knows which texts have both words of one, not whether they follow each other. So each two
-- that do are a number, and texts with all pairs of a phrase are few. A trigger sees to both, since older versions write
-- texts too.

DROP INDEX search_texts_by_word;
DROP INDEX search_texts_by_configuration;

-- Neighbours in a text, with how far they are apart: words that say nothing may lie between. 18 bits: two pairs with one
-- number do no harm, as what is found is looked at.
CREATE OR REPLACE FUNCTION phrase_pairs(words tsvector) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT ('x' || left(md5(word || ' ' || distance || ' ' || next), 5))::bit(20)::integer & 262143), '{}')
  FROM (
    SELECT lexeme AS word, lead(lexeme) OVER each_word AS next, lead(place) OVER each_word - place AS distance
    FROM unnest(words), unnest(positions) AS place
    WINDOW each_word AS (ORDER BY place, lexeme)
  ) AS neighbours
  WHERE next IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION index_search_text() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.words := NEW.words || array_to_tsvector(ARRAY[' ' || NEW.configuration, ' @' || NEW.account]);
  NEW.pairs := phrase_pairs(NEW.words);
  RETURN NEW;
END
$$;

ALTER TABLE search_texts ADD COLUMN pairs integer[] NOT NULL DEFAULT '{}';
CREATE TRIGGER search_text_is_indexed BEFORE INSERT OR UPDATE OF words ON search_texts
  FOR EACH ROW EXECUTE FUNCTION index_search_text();
UPDATE search_texts SET words = words;

-- Nobody asks for these.
ALTER TABLE search_texts ALTER COLUMN lines SET STATISTICS 0;
ALTER TABLE search_texts ALTER COLUMN line_starts_ms SET STATISTICS 0;

CREATE INDEX search_texts_by_word ON search_texts USING gin (words) WITH (fastupdate = off);
CREATE INDEX search_texts_by_pair ON search_texts USING gin (pairs) WITH (fastupdate = off);
CREATE INDEX search_texts_by_configuration ON search_texts (account, configuration);
