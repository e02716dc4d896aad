"""Pairs of neighbours as words of the index. Pure.

PostgreSQL's inverted index knows which papers have two words, not whether these stand together: to find a phrase it looks at
every paper with both. Where both are frequent these are hundreds of thousands, so such pairs are indexed as words of their
own. Of other phrases one word is rare enough.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

JOINT = "¬"  # occurs in no word


def joint(first: str, second: str) -> str:
    """The word that stands for two neighbours."""
    return f"{first}{JOINT}{second}"


def frequent_pairs(stems: Sequence[str]) -> Iterator[str]:
    """The words that stand for neighbours both of which are frequent."""
    return (joint(first, second) for first, second in pairwise(stems) if first in FREQUENT and second in FREQUENT)


# The stems that stand in at least one in a hundred of 21,657 titles with abstracts. Whoever changes them rebuilds the index.
FREQUENT = frozenset(
    """
    abil abl ablat about abov abstract acceler access accord account accur accuraci achiev acquir across act action activ
    actual adapt add addit address adjust adopt advanc advantag adversari affect after against agent aggreg agnost ai aim al
    algorithm align all allevi alloc allow almost along also altern although alway ambigu among amount analys analysi analyt
    analyz ani annot anoth answer appear appli applic approach appropri approxim arbitrari architectur area argu argument
    aris arm around art articl artifici ask aspect assess assign assist associ assum assumpt asymptot attack attain attempt
    attent attract attribut audio augment autoencod autom automat autonom autoregress auxiliari avail averag avoid awar back
    backbon background balanc bandit base baselin basi basic batch bayesian be becaus becom befor behavior believ benchmark
    benefici benefit bert besid best better between beyond bias binari black blackbox block bodi boost both bottleneck bound
    boundari box branch bridg bring broad budget build built but calcul calibr call camera candid cannot capabl capac captur
    care carlo carri case categor categori caus causal central certain chain challeng chang channel charact character
    characterist check chines choic choos cifar class classic classif classifi clear clinic clip close cloud cluster cnn
    cnns co coars code coher collabor collect com combin come common communic communiti compact compar comparison compet
    competit complement complementari complet complex complic compon compos composit comprehens compress compris comput
    concentr concept concern condit conduct confid configur confirm connect consequ consid consider consist constant
    constrain constraint construct consum contain content context contextu continu contrast contribut control convent
    converg convers convert convex convolut coordin core corpora corpus correct correl correspond cost could count
    counterpart coupl covari cover coverag craft creat critic cross crosslingu crossmod crucial cue curat current custom
    data datadriven dataset deal decis decisionmak decod decompos decomposit decreas deep defin definit degrad degre demand
    demonstr denois dens densiti depend deploy depth deriv descent describ descript design desir despit detail detect
    detector determin determinist develop devic devis dialogu differ differenti difficult difficulti diffus dimens dimension
    direct discov discoveri discrep discret discrimin discuss disentangl distanc distil distinct distinguish distribut
    diverg divers do document doe domain domainspecif domin down downstream draw drive driven drop dual due dure dynam each
    earli easi easili edg edit effect efficaci effici effort either element elimin embed emerg emot empir employ enabl encod
    encourag end energi enforc engin english enhanc enjoy enough ensembl ensur entir entiti entropi environ equal equat
    equip equival error especi essenti establish estim et etc evalu even event everi evid exact examin exampl excel execut
    exhibit exist expand expect expens experi experiment expert explain explan explicit exploit explor exponenti express
    extend extens extern extra extract extrem face facilit fact factor fail failur fair famili far fashion fast faster favor
    feasibl featur feder feedback few fewer fewshot fidel field fill filter final find fine finegrain finetun finit first
    fit five fix flexibl flow focus follow forc forget form formal formul forward found foundat four frame framework free
    frequenc frequent full fulli function fundament further furthermor fuse fusion futur gain game gan gap gaussian general
    generaliz generat generic geometr geometri get github give given global goal good gpt gradient grain graph graphic great
    ground group grow guarante guid guidanc hand handl hard have head heavili help henc here heterogen heurist hidden
    hierarch high highdimension higher highlevel highlight highqual hinder histor hold horizon how howev https human hybrid
    hyperparamet hypothesi idea ident identif identifi if ignor ii illustr imag imagenet imit impact implement implicit
    import impos impress improv includ inconsist incorpor increas increment inde independ indic individu induc induct
    industri infer infinit influenc inform inher initi innov input insight inspir instanc instead instruct insuffici integr
    intellig intens intent inter interact interest intermedi internal interpret intervent intra intrins introduc intuit
    invari invers investig involv io issu item iter itself joint just keep kernel key kind knowledg known label lack languag
    larg larger largescal last latent latter layer lead learn learnabl learner learningbas least length less level leverag
    lexic lie light lightweight like likelihood limit line linear lingual linguist link literatur littl llm llms local locat
    log logic long longterm look loop loss low lower lowrank lowresourc machin made magnitud main maintain major make manag
    mani manipul manner manual map margin markov mask massiv match mathemat matric matrix maxim maximum may mean meaning
    meanwhil measur mechan media medic memori messag meta method methodolog metric might million mine minim minimum miss
    mitig mix mixtur mobil modal model modern modif modifi modul mont more moreov most motion motiv move much multi multiag
    multilingu multimod multipl multitask multiview must mutual name natur navig near necessari need negat neglect neighbor
    net network neural new newli news next nlp no node nois noisi non nonconvex nonlinear nonparametr norm normal not notabl
    notion novel number numer object observ obtain occur off offer offlin often one onli onlin open opensourc oper optim
    order orient origin other our out outcom outperform output over overal overcom overfit overhead overlap overlook own
    pair pairwis paper paradigm parallel paramet parameter parametr pars part partial particular partit pass past path
    pattern peopl per percept perform person perspect perturb phase phenomenon physic pipelin pixel place plan platform play
    point polici polynomi pool poor popul popular pose posit possibl post posterior potenti power practic pre precis
    predefin predict predictor prefer presenc present preserv pretrain prevent previous primarili principl prior privaci
    privat probabilist probabl problem procedur process produc product program progress project promis promot prompt propag
    proper properti propos provabl prove proven provid prune pseudo public pure purpos qa qualit qualiti quantifi quantit
    queri question quick random rang rank rapid rare rate rather ratio raw re reach read real realist realiz realtim
    realworld reason receiv recent recogn recognit recommend reconstruct record recov recoveri recurr reduc reduct redund
    refer refin reflect regard regim region regress regret regular reinforc relat relationship relax releas relev reli
    reliabl remain remark remov render replac report repres represent requir research residu resolut resolv resourc respect
    respons restrict result retain retriev return reveal review reward rgb rich right rigor risk rl robot robust role round
    rule run safeti same sampl satisfi scalabl scale scenario scene scheme scienc score search second seek seen segment
    select self selfattent selfsupervis semant semi semisupervis sens sensit sensor sentenc sentiment separ sequenc sequenti
    seri serv set setup sever shape share shift short shot should show showcas shown side signal signific similar simpl
    simpli simplifi simul simultan sinc singl situat six size skill small smaller smooth so social soft sole solut solv
    solver some sota sourc space span spars sparsiti spatial special specif specifi spectral speech speed split squar stabil
    stabl stage standard start state static stationari statist step still stochast store strategi stream strength strong
    structur struggl student studi style sub subject suboptim subsequ subset substanti success suffer suffici suggest suit
    suitabl sum summar summari superior supervis support surfac surpass surpris survey symbol syntact synthes synthesi
    synthet system systemat tackl tailor take target task taskspecif teacher techniqu technolog tempor tend term test text
    textual than them then theoret theori there therebi therefor thorough though three threshold through thus tight time
    togeth token tool top topic topolog total toward track tractabl trade tradeoff tradit train trajectori transfer
    transform transformerbas transit translat transport treat tree tri trivial true truth tune turn two twostag type typic
    uncertainti under understand unfortun unifi uniform uniqu unit universal unknown unlabel unlik unseen unsupervis up
    updat upon upper us usag use user usual util utter valid valu valuabl vari variabl varianc variant variat varieti
    various vector vehicl veri verifi version via video view vision visual vocabulari vulner way weak web weight well
    wellknown what when where whether whi while who whole whose wide will wise within without word work world would year yet
    yield zero zeroshot
    """.split()
)
