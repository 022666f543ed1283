"""Traditional characters as simplified ones, so that a word is known in both scripts, mixed or not.

Only to compare words of the trade; nothing that a shopper reads passes through here.
"""

from __future__ import annotations

from collections.abc import Iterable

_PAIRS = (
    "號号 種种 類类 產产 編编 碼码 貨货 價价 單单 幣币 賣卖 銷销 庫库 數数 個个 項项 鏈链 鍊链 鐲镯 墜坠"
    " 環环 飾饰 針针 鑽钻 寶宝 紅红 藍蓝 綠绿 黃黄 銀银 鉑铂 鈀钯 鋯锆 瑪玛 鬆松 養养 殖殖 實实 驗验"
    " 質质 屬属 淨净 開开 顏颜 紋纹 電电 鍍镀 層层 標标 準准 徑径 寬宽 長长 處处 證证 書书 鑑鉴 鑒鉴"
    " 產产 國国 關关 稅税 則则 則则 場场 訂订 製制 圖图 檔档 描描 說说 說说 簡简 體体 繁繁 稱称 備备"
    " 註注 廠厂 供供 應应 商商 狀状 態态 別别 圍围 適适 圈圈 號号 費费 鑲镶 損损 耗耗 劃划 線线 掛挂"
    " 牌牌 額额 總总 計计 臺台 歐欧 韓韩 澳澳 門门 紐纽 幾几 發发 現现 營营 業业 員员 級级 鏡镜 達达"
    " 戶户 戀恋 愛爱 龍龙 鳳凤 傳传 統统 設设 師师 樣样 碩硕 規规 條条 嬰婴 兒儿 獎奖 記记 錄录 歸归"
    " 內内 腳脚 頸颈 頭头 袖袖 釦扣 扣扣 鈕钮 夾夹 釘钉 圓圆 鬱郁 檢检 測测 淺浅 濃浓 彩彩 潔洁"
    " 淨净 輕轻 厚厚 組组 搭搭 對对 雙双 隻只 顆颗 粒粒 點点 無无 萬万 億亿 兩两 錢钱 噸吨 釐厘 與与"
    " 於于 當当 從从 會会 時时 間间 週周 歲岁 樓楼 雲云 風风 東东 濟济 爾尔 亞亚 義义 蘭兰 羅罗 陸陆"
    " 灣湾 馬马 來来 緬缅 剛刚 鮮鲜 贊赞 莫莫 臘腊 選选 擇择 貼贴 鎖锁 牽牵 煉炼 燒烧 熱热 輻辐 照照"
    " 填填 擴扩 術术 藝艺 術术 語语 濾滤 網网 鏤镂 絲丝 釀酿 鎏鎏 黑黑 礦矿 裝装 軟软 諧谐 滿满 車车"
    " 貴贵 結结 構构 億亿 餘余 參参 考考 權权 務务 際际 際际 許许 讓让 貓猫 導导 議议 續续 歷历 壓压"
    " 齊齐 譽誉 靈灵 寫写 審审 創创 歲岁 張张 剩剩 賬账 帳账 盤盘 點点 盜盗 託托 採采 購购 進进 銅铜"
    " 鋼钢 鈦钛 鐵铁 錶表 鐘钟 罰罚 獻献 聖圣 誕诞 靜静 還还 們们 這这 裡里 個个 變变 換换 轉转 換换"
)
_SIMPLER = str.maketrans({pair[0]: pair[1] for pair in _PAIRS.split()})


def simplified(word: str) -> str:
    """The word with each traditional character that is in the table as its simplified one."""
    return word if word.isascii() else word.translate(_SIMPLER)


_TRADITIONAL = frozenset(pair[0] for pair in _PAIRS.split() if pair[0] != pair[1])
_SIMPLIFIED = frozenset(pair[1] for pair in _PAIRS.split()) - _TRADITIONAL


def script_of(texts: Iterable[str]) -> str:
    """ "zh-Hant" where the texts hold more traditional than simplified characters, else "zh-Hans"."""
    signs = "".join(texts)
    traditional = sum(sign in _TRADITIONAL for sign in signs)
    simplified_only = sum(sign in _SIMPLIFIED for sign in signs)
    return "zh-Hant" if traditional > simplified_only else "zh-Hans"


def traditional() -> str:
    """Every traditional character of the trade's words, as encodings are told apart by them."""
    return "".join(sorted(_TRADITIONAL))
