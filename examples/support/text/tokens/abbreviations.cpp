#include "examples/support/text/tokens/abbreviations.h"

#include <fmt/format.h>

#include <array>
#include <sstream>
#include <string_view>

#include "examples/support/text/pairs/languages.h"

namespace heed::support {
namespace {

// Collected for heed, from how the languages are written. Initials, A to Z, are added to each.
struct Listed {
  std::string_view language, always, before_number;
};

constexpr Listed kLists[] = {
    {"en",
     // titles and offices
     "Adm Amb Asst Atty Brig Bros Capt Cdr Cmdr Col Comdr Cpl Dr Drs Esq Fr Gen Gov Hon Insp Jr Lt Maj "
     "Messrs Mme Mr Mrs Ms Msgr Mt Mx Pfc Ph Pres Prof Pvt Rep Reps Rev Rt Sen Sens Sgt Sr St Supt Supts "
     "Surg Dir "
     // firms and places
     "Co Corp Inc Ltd Bldg Ave Blvd Rd Dept Univ Assn "
     // months and days
     "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thur Thurs Fri Sat "
     // others
     "v vs viz cf ca approx i.e e.g a.m p.m",
     "No Nos no Nr Art art Fig fig Vol vol Ch ch pp p Sec sec"},
    {"de",
     // titles and offices
     "Dr Dres Prof Hr Hrn Fr Frl Ing Dipl Mag Univ Abg Bgm Gen Hptm Lt Oblt Obst Gfr St Präs "
     // what stands within sentences
     "bzw ca d.h d.i dgl ebd einschl evtl exkl gegr geb gest ggf ggfs hrsg i.A i.d.R i.V inkl insb "
     "insbes jew lt max min mind möglw o.ä o.g od resp s.a s.o s.u sog spez u.a u.ä u.U urspr usf usw v "
     "v.a vgl vs z.B z.T z.Z z.Zt zzgl zz zit Abb Abs Abt Anm Aufl Bd Bde Bhf Bsp Hbf Hrsg Jh Jhd Kap "
     "Mio Mrd Nr Nrn Str Tel Tsd Verf Zi Ztr Std Min Sek Bez Co "
     // months
     "Jan Feb Mrz Apr Jun Jul Aug Sep Sept Okt Nov Dez",
     "Art Ziff S Z"},
    {"fr",
     // titles
     "M MM Mgr Mlle Mme Mmes Mlles Me Dr Pr Prof Ste St Vve Gal Cdt Cap Lt "
     // others
     "A.M P.M J.-C apr art av bd boul c.-à-d ca cf chap coll dir ed éd env etc ex fasc fig hab ibid id "
     "i.e e.g inf janv févr avr juil sept oct nov déc max min ms n.b N.B nb obs op p.ex pl pp préf r.-v "
     "réf s.d s.l suiv sup supp suppl tél trad vol vs Cie Sté Ets",
     "no No art n p"},
};

Abbreviations read(const Listed& listed) {
  Abbreviations result;
  const auto add = [](std::unordered_set<std::string>& to, std::string_view words) {
    std::istringstream stream{std::string(words)};
    for (std::string word; stream >> word;) to.insert(word);
  };
  add(result.always, listed.always);
  add(result.before_number, listed.before_number);
  for (char c = 'A'; c <= 'Z'; ++c) result.always.insert(std::string(1, c));
  // German writes ordinal numbers with a full stop: "der 3. Mann", "Heinrich VIII. von England".
  if (listed.language == "de") {
    add(result.always, "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX");
    for (int number = 1; number < 100; ++number) result.always.insert(fmt::format("{}", number));
  }
  return result;
}

}  // namespace

const Abbreviations& abbreviations(std::string_view language) {
  static const std::array<Abbreviations, std::size(kLists)> lists = {read(kLists[0]), read(kLists[1]),
                                                                     read(kLists[2])};
  const std::string code = language_code(language);
  for (size_t i = 0; i < lists.size(); ++i)
    if (code == kLists[i].language) return lists[i];
  return lists[0];
}

}  // namespace heed::support
