//! Codes that documents write in several ways: countries and sex.

/// The ISO 3166-1 alpha-3 code of a country that is written as its alpha-2 or alpha-3 code, in letters
/// of either case.
pub(crate) fn alpha_3(country: &str) -> Option<&'static str> {
    let is_code = |code: &str| code.eq_ignore_ascii_case(country);
    let pairs = COUNTRIES.split(' ').filter_map(|pair| pair.split_at_checked(2));
    pairs.filter(|(two, three)| is_code(two) || is_code(three)).map(|(_, three)| three).next()
}

/// The name of a sex that is written as a number (ISO/IEC 5218; from 3 to 6 as the EUDI PID has it),
/// as a letter (ICAO 9303) or as the word itself.
pub(crate) fn sex(written: &str) -> Option<&'static str> {
    let is = |known: &&str| known.eq_ignore_ascii_case(written);
    let known = SEXES.iter().find(|(name, codes)| is(name) || codes.iter().any(&is));
    known.map(|(name, _)| *name)
}

const SEXES: [(&str, &[&str]); 9] = [
    ("not_known", &["0"]),
    ("male", &["1", "M"]),
    ("female", &["2", "F"]),
    ("other", &["3"]),
    ("inter", &["4"]),
    ("diverse", &["5"]),
    ("open", &["6"]),
    ("not_applicable", &["9"]),
    ("unspecified", &["X"]),
];

/// Alpha-2 and alpha-3 of each country (ISO 3166-1).
const COUNTRIES: &str = "\
    ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA \
    AZAZE BABIH BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES \
    BRBRA BSBHS BTBTN BVBVT BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK \
    CLCHL CMCMR CNCHN COCOL CRCRI CUCUB CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA \
    DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA \
    GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB GNGIN GPGLP GQGNQ GRGRC GSSGS \
    GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL ILISR IMIMN ININD \
    IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM KNKNA \
    KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA \
    LYLBY MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ \
    MRMRT MSMSR MTMLT MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC \
    NLNLD NONOR NPNPL NRNRU NUNIU NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM \
    PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC \
    SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR SNSEN SOSOM SRSUR SSSSD STSTP SVSLV \
    SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS TMTKM TNTUN TOTON TRTUR \
    TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN VGVGB VIVIR \
    VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_one_code_however_it_is_written() {
        for (written, code) in
            [("US", "USA"), ("USA", "USA"), ("us", "USA"), ("AD", "AND"), ("ZWE", "ZWE")]
        {
            assert_eq!(alpha_3(written), Some(code), "{written}");
        }
        for written in ["", "U", "USAA", "United States", "UK", "D", "US ", "AF AFG", "840"] {
            assert_eq!(alpha_3(written), None, "{written}");
        }
    }

    #[test]
    fn the_list_of_countries_is_one() {
        let pairs: Vec<&str> = COUNTRIES.split(' ').collect();
        assert_eq!(pairs.len(), 249);
        for pair in &pairs {
            assert!(pair.len() == 5 && pair.bytes().all(|it| it.is_ascii_uppercase()), "{pair}");
            let (two, three) = pair.split_at(2);
            assert_eq!((alpha_3(two), alpha_3(three)), (Some(three), Some(three)));
        }
    }

    #[test]
    fn a_sex_has_one_name_however_it_is_written() {
        for (written, name) in [
            ("1", "male"),
            ("M", "male"),
            ("Male", "male"),
            ("2", "female"),
            ("f", "female"),
            ("FEMALE", "female"),
            ("X", "unspecified"),
            ("9", "not_applicable"),
        ] {
            assert_eq!(sex(written), Some(name), "{written}");
        }
        for written in ["", "7", "01", "w", "m.", "other sex"] {
            assert_eq!(sex(written), None, "{written}");
        }
    }
}
